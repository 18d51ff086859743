export const help = {
  go: "Ir a {{place}}",
  help: "Esta ayuda",
  licenses: "Licencias de terceros",
  new: "Escribir un aviso",
  open: "Atajos de teclado",
  palette: "Buscar o ir a cualquier lugar",
  search: "Buscar en la página",
  send: "Revisar el aviso antes de enviarlo",
  switch: "Atajos de una letra",
  switchHint: "Apágalos si dictas por voz o los pulsas sin querer.",
  then: "y después",
  title: "Atajos de teclado",
};
