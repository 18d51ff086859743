// Which places a role sees, in their sections, and which of them an address belongs to.
import type { Role } from "../api/types";

interface Known {
  to: string;
  section: string;
  roles?: readonly Role[];
}

export function placesOf<P extends Known>(places: readonly P[], role: Role | undefined): P[] {
  return places.filter(({ roles }) => roles === undefined || (role !== undefined && roles.includes(role)));
}

/** The sections that hold something, with what they hold. */
export function bySection<P extends Known, S extends string>(places: readonly P[], sections: readonly S[]): [S, P[]][] {
  return sections
    .map((section): [S, P[]] => [section, places.filter((place) => place.section === section)])
    .filter(([, held]) => held.length > 0);
}

/** The place that an address lies in: `/groups/Costa` lies in `/groups`, and what lies nowhere else in the start. */
export function placeOf<P extends Known>(places: readonly P[], path: string): P | undefined {
  const fits = places.filter(({ to }) => path === to || to === "/" || path.startsWith(`${to}/`));
  return fits.reduce<P | undefined>((best, one) => (best && best.to.length >= one.to.length ? best : one), undefined);
}
