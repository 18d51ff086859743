// Every group as a CSV: fetched with the token, then saved from memory.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { exportGroups } from "../../api/groups";
import { save } from "../../lib/save";
import { toast } from "../../lib/toast";
import { IconDownload } from "../icons";

export function ExportButton() {
  const { t } = useTranslation();
  const fetched = useMutation({
    mutationFn: exportGroups,
    onSuccess: (csv) => save(csv, "groups.csv"),
    onError: () => toast({ color: "orange", message: t("groups.notExported") }),
  });
  return (
    <Button variant="default" size="sm" leftSection={<IconDownload size={16} />} loading={fetched.isPending} onClick={() => fetched.mutate()}>
      {t("groups.export")}
    </Button>
  );
}
