export { weighFilms } from './film.ts'
export { type JudgeInput, judge } from './judge.ts'
export * from './types.ts'
export { createLook, type Look, type Looked } from './look.ts'
