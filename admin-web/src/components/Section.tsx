// A card of a page: a heading, what may be done, the content.
import { useId, type ReactNode } from "react";
import classes from "./Section.module.css";

interface Props {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Section({ title, aside, children, className }: Props) {
  const id = useId();
  return (
    <section className={`${classes.section} ${className ?? ""}`} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {aside && <div className={classes.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}
