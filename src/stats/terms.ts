export { DECLARED_FIGURES } from './declared.ts'
export { UNITS } from './figure.ts'
export { FIGURES } from './figures.ts'
export { partsOf, periodsBeside, periodsEndedBefore, quarterOf } from './period.ts'
