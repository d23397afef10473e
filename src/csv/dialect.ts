/** How the cells of a file are set apart. Quotes and line breaks within cells are those of RFC 4180. */
export interface Dialect {
  readonly delimiter: ',' | ';'
  readonly newline: '\n' | '\r\n'
}

/** The dialect of lists that are exchanged. */
export const COMMAS: Dialect = { delimiter: ',', newline: '\n' }

/** The dialect of SCARt's files (docs/basic/import.md of AbuseIO/SCART-docs). */
export const SEMICOLONS: Dialect = { delimiter: ';', newline: '\r\n' }

/** A longer row is refused: it bounds the memory that a file can take. */
export const ROW_CHARS_MAX = 1024 * 1024
