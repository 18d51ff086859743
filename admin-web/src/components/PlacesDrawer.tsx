// The places of the panel where the window has no room for them at its side.
import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Role } from "../api/types";
import { PlaceList } from "./SideNav";
import classes from "./SideNav.module.css";

export function PlacesDrawer({ role, opened, onClose }: { role: Role; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened={opened} onClose={onClose} title="Pregón" size={288} padding={0} classNames={{ header: classes.drawerHead ?? "" }} closeButtonProps={{ "aria-label": t("close") }}>
      <PlaceList role={role} onGo={onClose} />
    </Drawer>
  );
}
