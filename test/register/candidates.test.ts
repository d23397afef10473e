import { votedCandidates } from '../../src/register/voted-candidates.ts'
import { candidateSourceContract } from '../contract/candidate-source.ts'

candidateSourceContract('votes', () => Promise.resolve(votedCandidates()))
