// What keeps the hub from its promise, by the codes that it says.
export const trouble = {
  cannot_save: {
    advice: "Mira el registro del servidor y el disco; seguirá por sí solo.",
    what: "El hub no puede guardar ahora: no acepta avisos ni eventos.",
  },
  certificate_ended: {
    advice: "Mira en el registro del servidor por qué no se renovó.",
    what: "El certificado del hub ha caducado: nadie nuevo puede conectarse.",
  },
  certificate_ends: {
    advice: "Debería haberse renovado solo: mira el registro del servidor.",
    what_one: "El certificado del hub caduca en {{count}} día.",
    what_other: "El certificado del hub caduca en {{count}} días.",
  },
  disk_critical: {
    advice: "Libera espacio antes de que deje de aceptar avisos.",
    what: "Casi no queda espacio en el disco del hub: {{count}} MiB.",
  },
  disk_full: {
    advice: "Libera espacio, o sube la cuota o el límite de los archivos; seguirá por sí solo.",
    what: "El disco del hub está lleno: no acepta avisos ni eventos.",
  },
  disk_low: {
    advice: "Libera espacio.",
    what: "Queda poco espacio en el disco del hub: {{count}} MiB.",
  },
  label: "Problemas del hub",
  listener_dead: {
    advice: "Mira el registro del servidor: puede que el hub necesite más archivos abiertos o un reinicio.",
    what: "{{about}} no acepta conexiones.",
  },
  look: "Ver el monitor",
  mail_stuck: {
    advice: "Mira en la pestaña Correo qué responde el servidor.",
    what_one: "{{count}} correo sigue sin salir.",
    what_other: "{{count}} correos siguen sin salir.",
  },
  over: "El hub vuelve a cumplir",
  saving_stopped: {
    advice: "Revisa el disco y reinicia el hub.",
    what: "Pregón ya no puede guardar nada: no acepta avisos ni eventos.",
  },
  shutting_down: {
    advice: "Espera a que vuelva.",
    what: "El hub se está deteniendo.",
  },
  since: "Desde las",
};
