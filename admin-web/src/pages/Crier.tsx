// The picture of the log-in: one voice in the middle, rings that reach every branch. Decoration only.
import classes from "./Login.module.css";

const RINGS = [90, 150, 210, 270];

/** Branches around the voice: ring, angle in degrees, whether it has heard. */
const BRANCHES: readonly (readonly [number, number, boolean])[] = [
  [0, 20, true], [0, 140, true], [0, 255, true],
  [1, 60, true], [1, 110, true], [1, 190, true], [1, 300, true], [1, 345, false],
  [2, 10, true], [2, 45, true], [2, 95, true], [2, 160, false], [2, 215, true], [2, 280, true], [2, 325, true],
  [3, 30, true], [3, 75, false], [3, 125, true], [3, 175, true], [3, 235, true], [3, 260, true], [3, 310, true], [3, 350, true],
];

export function Crier() {
  return (
    <svg className={classes.crier} viewBox="-300 -300 600 600" aria-hidden focusable="false">
      {RINGS.map((radius) => (
        <circle key={radius} r={radius} className={classes.ring} />
      ))}
      {[0, 1, 2].map((wave) => (
        <circle key={wave} r={280} className={classes.wave} data-wave={wave} />
      ))}
      {BRANCHES.map(([ring, angle, heard]) => {
        const radius = RINGS[ring] ?? 0;
        const turn = (angle * Math.PI) / 180;
        return (
          <circle
            key={`${ring}-${angle}`}
            cx={Math.round(radius * Math.cos(turn))}
            cy={Math.round(radius * Math.sin(turn))}
            r={heard ? 8 : 7}
            className={heard ? classes.heard : classes.unheard}
          />
        );
      })}
      <circle r={44} className={classes.voice} />
      <g className={classes.horn} transform="translate(-29 -29) scale(1.8)">
        <path d="M7.5 14v4A1.5 1.5 0 0 0 9 19.5h3l7 4.5V8l-7 4.5H9A1.5 1.5 0 0 0 7.5 14z" />
        <path d="M22.5 13a4.5 4.5 0 0 1 0 6" />
        <path d="M25 10a8.5 8.5 0 0 1 0 12" />
      </g>
    </svg>
  );
}
