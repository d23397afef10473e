export { type Municipalities, readMunicipalities } from './municipalities.ts'
export {
  type PolicyFile,
  type PolicyFiles,
  policyFiles,
  readPolicyFile,
  refusedFiles,
  versionOf,
} from './policy-files.ts'
