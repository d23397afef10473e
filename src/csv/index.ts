export { COMMAS, type Dialect, SEMICOLONS } from './dialect.ts'
export { type CsvRecord, csvRecords, readCsv } from './read.ts'
export { type CsvCell, csvRow } from './write.ts'
