/** See `binary.js`. */
export function loadCore():
  | { readonly core: unknown; readonly folder: string }
  | { readonly absence: string }
