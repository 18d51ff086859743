export const withdraw = {
  confirm: "Retirar",
  done: "Aviso retirado",
  failed: "No se pudo retirar el aviso",
  lead_one: "El aviso desaparece de la pantalla y quien no lo haya recibido no lo verá.",
  lead_other: "El aviso desaparece de las {{count}} pantallas y quien no lo haya recibido no lo verá.",
  open: "Retirar aviso",
  reason: "Motivo",
  title: "¿Retirar este aviso?",
};
