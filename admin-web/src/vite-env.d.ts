/// <reference types="vite/client" />

// One icon a file: the package's barrel would triple the build. Its files carry no types of their own.
declare module "@tabler/icons-react/dist/esm/icons/*.mjs" {
  import type { Icon } from "@tabler/icons-react";
  const icon: Icon;
  export default icon;
}
