// The button of a menu whose code comes with the first click: the first load does without it.
import { ActionIcon, type ActionIconProps } from "@mantine/core";
import { Suspense, useState, type ReactNode } from "react";

interface Props extends ActionIconProps {
  "aria-label": string;
  icon: ReactNode;
  /** The menu, open from the start, with a button of the same look. */
  children: ReactNode;
}

export function UntilClicked({ icon, children, ...look }: Props) {
  const [wanted, setWanted] = useState(false);
  const button = (
    <ActionIcon {...look} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)}>
      {icon}
    </ActionIcon>
  );
  return wanted ? <Suspense fallback={button}>{children}</Suspense> : button;
}
