// Copies a text and says so; says so as well when the browser refuses.
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../lib/announce";
import { toast } from "../lib/toast";
import { IconCheck, IconCopy } from "./icons";

interface Props {
  text: () => string;
  label: string;
  disabled?: boolean;
  compact?: boolean;
}

export function CopyButton({ text, label, disabled = false, compact = false }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text());
      setCopied(true);
      announce(t("copied"));
    } catch {
      toast({ color: "orange", message: t("notCopied") });
    }
  }

  return (
    <Button
      variant={compact ? "subtle" : "default"}
      size={compact ? "compact-sm" : "sm"}
      leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      disabled={disabled}
      onClick={() => void copy()}
    >
      {copied ? t("copied") : label}
    </Button>
  );
}
