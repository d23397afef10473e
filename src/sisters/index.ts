export { readSisterHotlines } from './hotlines.ts'
export { createSisters, type Sisters, type SistersReport } from './sisters.ts'
export type { SisterMail } from './sister-mail.ts'
