export const limits = {
  byGroup: "Solo puede escribir a algunos grupos",
  bySeverity: "Solo puede usar algunas gravedades",
  groups: "Grupos permitidos",
  groupsHint: "También a cada sucursal de esos grupos; nunca a todas.",
  lead: "Vale al enviar, retirar y corregir avisos. Se aplica al momento.",
  open: "Límites…",
  save: "Guardar los límites",
  saved: "Límites de {{name}} guardados",
  severities: "Gravedades permitidas",
  some: "con límites",
  title: "Límites de {{name}}",
};
