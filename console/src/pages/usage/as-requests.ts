/** What each report asked of the API, for whoever wants to ask it from a program. */
import type { Place } from '@/app/session'
import type { ApiRequest } from '@/format/api-snippets'
import type { Range } from '@/format/range'
import { shellQuote } from '@/format/snippets'
import { type CostQuestion, whose } from './queries'
import { type Dimension, type Over, USUAL_IDLE_DAYS, type UsageSearch } from './search'

export const USUAL_RANGE = '24h'

interface Asked {
  search: UsageSearch
  place: Place
  question: CostQuestion
  dimensions: Dimension[]
  over: Over
  /** Of the chargeback. */
  month: string
  range: Range
}

export function requestOf(asked: Asked): ApiRequest {
  const { search, place, question, over, month, range } = asked
  const organization = over === 'everything' ? '' : ` -o ${place.organization.slug}`
  const orgId = whose(over, place).org_id
  switch (search.report ?? 'usage') {
    case 'forecast':
      return {
        method: 'GET',
        path: '/costs/forecast',
        query: { ...whose(over, place) },
        sdk: 'costs.forecast',
        cli: `mainspring costs --forecast${
          over === 'project' ? ` -p ${place.project.slug}` : organization
        }`,
      }
    case 'chargeback':
      return {
        method: 'GET',
        path: '/costs/chargeback',
        query: { month, ...whose(over, place), format: 'csv' },
        sdk: 'costs.chargeback.export',
        gives: 'download',
        cli: `mainspring chargeback ${month}${organization}`,
      }
    case 'gpus':
      return {
        method: 'GET',
        path: '/gpu-prices',
        sdk: 'gpu_prices.list',
        cli: 'mainspring gpu-prices list',
      }
    case 'idle': {
      const days = search.days ?? USUAL_IDLE_DAYS
      return {
        method: 'GET',
        path: '/usage/idle',
        query: { days, org_id: orgId },
        sdk: 'usage.idle.list_resources',
        cli: `mainspring idle --days ${days}${organization}`,
      }
    }
    case 'reconciliation': {
      const state = search.agreement
      return {
        method: 'GET',
        path: '/usage/reconciliation',
        query: { ...range, state },
        sdk: 'usage.reconciliation.list',
        cli: search.since
          ? { none: 'range' }
          : `mainspring reconciliation --since ${search.range ?? USUAL_RANGE}${
              state ? ` --state ${state}` : ''
            }`,
      }
    }
    default:
      return {
        method: 'GET',
        path: '/costs',
        query: { ...question, interval: search.interval },
        sdk: 'costs.summarize',
        cli: search.since
          ? { none: 'range' }
          : search.key || search.actor
            ? { none: 'filters' }
            : costsLine(asked, organization),
      }
  }
}

/** The same question on the command line. */
function costsLine({ search, dimensions, place, over }: Asked, organization: string): string {
  const words = ['mainspring costs', `--since ${search.range ?? USUAL_RANGE}`]
  words.push(...dimensions.map((one) => `--by ${one}`))
  if (search.interval) words.push(`--interval ${search.interval}`)
  if (over === 'project') words.push(`-p ${place.project.slug}`)
  else if (organization) words.push(organization.trim())
  if (search.model) words.push(`-m ${shellQuote(search.model)}`)
  return words.join(' ')
}
