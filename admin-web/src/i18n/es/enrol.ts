export const enrol = {
  another: "Otro equipo",
  copy: "Copiar orden",
  failed: "No se pudo crear el código",
  lead: "Crea un código de un solo uso. Con él, el agente del equipo se da de alta y recibe su propia clave.",
  make: "Crear código",
  name: "Nombre de la sucursal",
  nameHint: "Único en el hub: no distingue mayúsculas, espacios ni letras parecidas.",
  open: "Añadir equipo",
  run: "Ejecuta esta orden en el equipo de {{name}}. El código no se vuelve a mostrar.",
  title: "Añadir un equipo de sucursal",
  until: "Vale hasta:",
};
