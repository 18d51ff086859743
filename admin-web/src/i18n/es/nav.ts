export const nav = {
  events: "Eventos",
  groups: "Grupos",
  label: "Páginas",
  leave: "Salir",
  skip: "Saltar al contenido",
  start: "Inicio",
  user: "Cuenta de {{name}}",
  users: "Usuarios",
};
