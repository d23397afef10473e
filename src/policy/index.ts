export {
  createLaidDown,
  type LaidDown,
  type LaidDownFile,
  type LaidDownLine,
} from './laid-down.ts'
export { type Municipalities, readMunicipalities } from './municipalities.ts'
export {
  type PolicyFile,
  type PolicyFiles,
  policyFiles,
  readPolicyFile,
  refusedFiles,
  versionOf,
} from './policy-files.ts'
