export { COMMAS, type Dialect, SEMICOLONS } from './dialect.ts'
export { type CsvRecord, csvRecords, readCsv } from './read.ts'
export { type Cell, csvRow } from './write.ts'
