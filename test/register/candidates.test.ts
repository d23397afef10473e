import { candidateSources } from '../../src/register/candidate-sources.ts'
import { candidateSourceContract } from '../contract/candidate-source.ts'

for (const [kind, open] of Object.entries(candidateSources)) {
  candidateSourceContract(kind, () => Promise.resolve(open()))
}
