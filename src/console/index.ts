export { ASSETS, type Asset } from './assets.ts'
export {
  type Door,
  renderEnrolment,
  renderProof,
  renderRecoveryCodes,
  renderSignIn,
  renderWelcome,
} from './door.tsx'
export { type FormFields, inputOfForm } from './form-input.ts'
export {
  LANGUAGES,
  type ConsolePage,
  type PageProblem,
  type PageRefusal,
  type Visit,
} from './page.ts'
export { accountPage } from './pages/account.tsx'
export { answerPage } from './pages/answers.tsx'
export { PAGES } from './pages/index.ts'
export * from './public/index.ts'
export { renderAnswer, renderFailure, renderPage } from './render.tsx'
export { wordsOf } from './words/index.ts'
