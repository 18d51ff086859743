// The top of a page: its title, what it is for, and what may be done there.
import type { ReactNode } from "react";
import classes from "./PageHead.module.css";

export function PageHead({ title, lead, children }: { title: string; lead: string; children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.lead}>{lead}</p>
      </div>
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  );
}
