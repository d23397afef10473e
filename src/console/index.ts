export { ASSETS, type Asset, HASHER, HASHER_FILE } from './assets.ts'
export {
  type Door,
  renderEnrolment,
  renderNewPasskey,
  renderProof,
  renderShown,
  renderRecoveryCodes,
  renderReturn,
  renderSignIn,
  renderWelcome,
} from './door.tsx'
export { type FormFields, inputOfForm } from './form-input.ts'
export { LIVE_TOPICS, type LiveTopic } from './live.ts'
export {
  LANGUAGES,
  type ConsolePage,
  type PageProblem,
  type PageRefusal,
  type Visit,
} from './page.ts'
export { accountPage } from './pages/account.tsx'
export { answerPage, showsStill } from './pages/answers.tsx'
export { PAGES } from './pages/index.ts'
export { problemIn } from './problem.ts'
export * from './public/index.ts'
export { renderAnswer, renderFailure, renderPage } from './render.tsx'
export { wordsOf } from './words/index.ts'
