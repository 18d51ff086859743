export const charts = { chart: "Gráfico", table: "Tabla", view: "Vista de «{{title}}»" };
