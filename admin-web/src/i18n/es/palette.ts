export const palette = {
  actions: "Acciones",
  branches: "Sucursales",
  failed: "Los grupos y las sucursales no se pudieron buscar; lo demás funciona.",
  found_one: "{{count}} resultado",
  found_other: "{{count}} resultados",
  groups: "Grupos",
  nothing: "No hay nada con ese nombre",
  open: "Buscar o ir a…",
  places: "Páginas",
  search: "Página, grupo, sucursal o acción",
  write: "Escribir a {{name}}",
};
