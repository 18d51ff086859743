// The receipts of an alert as a file, for an office program or a script.
import { Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { receiptsOf, type ReceiptsForm } from "../../api/history";
import { save } from "../../lib/save";
import { toast } from "../../lib/toast";
import { IconDownload } from "../icons";

export function ReceiptsMenu({ id }: { id: string }) {
  const { t } = useTranslation();
  const fetched = useMutation({
    mutationFn: (form: ReceiptsForm) => receiptsOf(id, form).then((file) => save(file, `pregon-${id}.${form}`)),
    onError: () => toast({ color: "orange", message: t("history.notSaved") }),
  });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" size="sm" leftSection={<IconDownload size={16} />} loading={fetched.isPending} data-testid="receipts">
          {t("history.receipts")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => fetched.mutate("csv")}>{t("history.csv")}</Menu.Item>
        <Menu.Item onClick={() => fetched.mutate("json")}>{t("history.json")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
