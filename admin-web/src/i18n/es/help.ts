export const help = {
  events: "Ir a los eventos",
  groups: "Ir a los grupos",
  help: "Esta ayuda",
  licenses: "Licencias de terceros",
  new: "Escribir un aviso",
  open: "Atajos de teclado",
  search: "Buscar en la página",
  send: "Revisar el aviso antes de enviarlo",
  start: "Ir al inicio",
  switch: "Atajos de una letra",
  switchHint: "Apágalos si dictas por voz o los pulsas sin querer.",
  title: "Atajos de teclado",
};
