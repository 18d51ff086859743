export const events = {
  all: "Ver todos",
  empty: "Aún no ha llegado ningún evento",
  emptyHint: "Los envían los sensores y las herramientas de monitorización al puerto de eventos del hub.",
  failed: "No se pudieron cargar los eventos",
  fresh_one: "{{count}} nuevo",
  fresh_other: "{{count}} nuevos",
  latest: "Últimos eventos",
  lead: "Lo que dicen los sensores, en cuanto llega. Un evento crítico avisa a todas las sucursales.",
  log: "Eventos, del más reciente al más antiguo",
};
