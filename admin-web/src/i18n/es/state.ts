export const state = {
  forbidden: "Tu cuenta no tiene permiso para esto.",
  loading: "Cargando…",
  noPage: "Esta página no existe",
  noPageHint: "Puede que el enlace esté incompleto.",
  notFound: "El hub no conoce lo que pides. Puede que ya no exista.",
  pageBroke: "Esta página ha fallado; las demás siguen funcionando",
  refused: "El hub respondió con el código {{status}}.",
  retry: "Reintentar",
  tooMany: "Demasiados intentos. Espera un momento y prueba otra vez.",
  unexpected: "Ha ocurrido algo inesperado.",
  unreachable: "No se puede hablar con el hub. Comprueba la red o espera a que vuelva.",
};
