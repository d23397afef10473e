export { FIGURES } from './figures.ts'
