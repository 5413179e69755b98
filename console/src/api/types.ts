/**
 * The shapes of `/api/v1` that the console reads, by the names it uses for them. They come from
 * control's own OpenAPI document (`schema.d.ts`); times are RFC 3339 in UTC.
 */
import type { components, operations } from './schema'

type Schemas = components['schemas']

/** What an operation answers: two capabilities may give a shape the same name, but not an operation. */
type Answer<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export type Session = Schemas['SessionView']
export type SignInWays = Schemas['SignInWays']
export type Organization = Schemas['OrganizationOutline']
export type Project = Schemas['ProjectOutline']
export type SetupState = Schemas['SetupState']
export type SetupBody = Required<Schemas['NewAdministrator']>
export type Language = SetupBody['language']

export type ApiKey = Schemas['KeyView']
/** The only answer that ever holds the secret. */
export type CreatedKey = Schemas['CreatedKeyView']
export type CreateKeyBody = Schemas['NewKey']

export type Model = Schemas['ModelView']
export type Target = Schemas['TargetBody']
export type NewUpstream = Schemas['NewUpstream']
export type Release = Schemas['ReleaseView']
export type ReleaseEvent = Schemas['ReleaseEventView']
export type CanaryFigure = Schemas['FigureView']
export type CanaryDecision = Answer<'list_canary_decisions'>['items'][number]
export type Upstream = Schemas['UpstreamView']
export type Preset = Schemas['PresetView']
export type PresetUpstream = Schemas['PresetUpstream']
export type UpstreamDraft = Schemas['UpstreamDraft']
export type ConnectionTest = Schemas['ConnectionTestResult']
export type Finding = ConnectionTest['findings'][number]
export type InBothLanguages = Schemas['InBothLanguages']

export type RegistryEntry = Schemas['RegistryEntryView']
export type Specification = Schemas['SpecificationBody']
export type Price = Schemas['PriceBody']
export type Comparison = Schemas['ComparisonView']

export type AccessRequest = Schemas['AccessRequestView']
export type AccessStep = Schemas['StepView']
export type NewAccessRequest = Schemas['NewAccessRequest']
/** The only answer that holds the secret of a grant's key. */
export type AccessKey = Schemas['AccessKey']
export type AccessRule = Schemas['AccessRuleView']
export type NewAccessRule = Schemas['NewAccessRule']

export type ModelGrant = Schemas['ModelGrantView']
export type NewModelGrant = Schemas['NewModelGrant']

export type Call = Schemas['CallView']
export type FullCall = Schemas['FullCallView']
export type CallComparison = Schemas['CallComparisonView']
export type CallSide = Schemas['CallSideView']
export type Dataset = Schemas['DatasetView']
export type DatasetItem = Schemas['DatasetItemView']
export type Score = Schemas['ScoreView']
export type Decision = Answer<'explain_request'>
export type Attempt = Decision['attempts'][number]
export type Trace = Schemas['TraceView']
export type Span = Schemas['SpanView']

export type ProjectSettings = Schemas['ProjectView']
export type OrganizationSettings = Schemas['OrganizationView']
export type Limits = Schemas['LimitsBody']
export type Capture = NonNullable<Schemas['CaptureBody']>

export type Explanation = Schemas['ExplanationView']
export type Role = Schemas['RoleView']
export type PermissionInfo = Schemas['PermissionView']
export type Member = Schemas['MemberView']
export type Group = Schemas['GroupView']
export type RoleAt = Schemas['RoleAtBody']
export type Invitation = Schemas['InvitationView']
export type InvitationOffer = Schemas['OfferView']
export type CreatedInvitation = Schemas['CreatedInvitationView']
export type Account = Schemas['AccountView']
export type Ended = Schemas['EndedView']

export type SignInPolicy = Schemas['SignInPolicyView']
export type IdentityProvider = Schemas['ProviderView']
export type NewIdentityProvider = Schemas['NewProvider']
export type DirectoryToken = Schemas['DirectoryTokenView']
export type CreatedDirectoryToken = Schemas['CreatedDirectoryTokenView']
export type ServiceAccount = Schemas['ServiceAccountView']
export type NewServiceAccount = Schemas['NewServiceAccount']
export type CreatedServiceAccount = Schemas['CreatedServiceAccountView']
export type AccountSecret = Schemas['SecretView']
export type CreatedAccountSecret = Schemas['CreatedSecretView']
export type TokenIssuer = Schemas['IssuerView']
export type NewTokenIssuer = Schemas['NewIssuer']

export type Policy = Schemas['PolicyView']
export type ParameterRule = Schemas['ParameterRuleBody']
export type CacheRule = Schemas['CacheRuleBody']
export type CaptureRule = Schemas['CaptureRuleBody']
export type EffectivePolicy = Schemas['EffectiveView']
export type DryRunBody = Schemas['DryRunBody']
export type DryRun = Schemas['DryRunView']

export type OwnSession = Schemas['OwnSessionView']
export type Token = Schemas['TokenView']
export type CreatedToken = Schemas['CreatedTokenView']
export type Enrolment = Schemas['EnrolmentView']

export type Slo = Schemas['SloView']
export type NewSlo = Schemas['NewSlo']
export type SloStatus = Schemas['SloStatusView']
export type SloAlert = Schemas['SloAlertView']

export type Alert = Schemas['AlertView']
export type Matcher = Schemas['MatcherBody']
export type Channel = Schemas['ChannelView']
export type NewChannel = Schemas['NewChannel']
export type Delivery = Schemas['DeliveryView']
export type Silence = Schemas['SilenceView']

export type PendingChange = Schemas['ChangeView']
export type FourEyes = Schemas['FourEyesView']
export type Emergency = Schemas['EmergencyView']
export type NewEmergency = Required<Schemas['NewEmergency']>

export type Examination = Schemas['Examination']
export type Backups = Schemas['BackupList']
export type Setting = Schemas['SettingView']
export type LogLine = Schemas['LogLine']
export type LogLines = Schemas['LogLines']
export type AuditEvent = Schemas['EventView']
export type Verification = Answer<'verify_audit'>

export type UsageSummary = Schemas['UsageSummaryView']

export type CostReport = Schemas['CostReportView']
export type CostRow = Schemas['CostRowView']
export type CostSum = Schemas['CostSumView']

export type CostForecast = Schemas['ForecastView']
export type CurrencyForecast = Schemas['CurrencyForecastView']

export type GpuPrice = Schemas['GpuPriceView']
export type IdleReport = Schemas['IdleReportView']
export type Idle = Schemas['IdleView']
export type Reconciliation = Schemas['ReconciliationView']
export type Agreement = Reconciliation['state']

export type Breaker = Schemas['BreakerView']

export type SystemInfo = Schemas['SystemInfo']
export type UsageRecord = Schemas['UsageRecordView']

/** Documented as words of the field; the schema says only that it is a text. */
export type PartState =
  | 'starting'
  | 'ready'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'lost'

export interface Part extends Omit<Schemas['PartView'], 'state'> {
  state: PartState
}
