export type * from './content.ts'
export type * from './dossier.ts'
export { type DossierPolicy, readDossierPolicy } from './dossier-policy.ts'
export { createDossiers, type Dossiers } from './dossiers.ts'
