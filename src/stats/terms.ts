export { DECLARED_FIGURES } from './declared.ts'
export { UNITS } from './figure.ts'
export { FIGURES } from './figures.ts'
