// What the hub notices by itself, by the code of its event.
export const noticed = {
  alert_expired_one: "Un aviso caducó sin que {{count}} sucursal lo viera: {{what}}",
  alert_expired_other: "Un aviso caducó sin que {{count}} sucursales lo vieran: {{what}}",
  clock_back_one: "El reloj del hub retrocedió {{count}} h",
  clock_back_other: "El reloj del hub retrocedió {{count}} h",
  clock_forward_one: "El reloj del hub saltó {{count}} h hacia delante",
  clock_forward_other: "El reloj del hub saltó {{count}} h hacia delante",
  drill_expired_one: "Un simulacro caducó sin que {{count}} sucursal lo viera: {{what}}",
  drill_expired_other: "Un simulacro caducó sin que {{count}} sucursales lo vieran: {{what}}",
  scheduled_unsent: "Un aviso programado no se envió: {{reason}}",
  trouble: "{{what}}",
  trouble_over: "Resuelto: {{what}}",
  watch_back: "{{watch}}: vuelve a informar",
  watch_silent_one: "{{watch}}: sin señales de {{source}} desde hace {{count}} min",
  watch_silent_other: "{{watch}}: sin señales de {{source}} desde hace {{count}} min",
};
