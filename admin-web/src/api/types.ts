// Short names for the generated schemas. No shape is written by hand here.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Accepted = Schemas["Accepted"];
export type AlertDetail = Schemas["AlertDetail"];
export type AlertList = Schemas["AlertList"];
export type AmendRequest = Schemas["AmendRequest"];
export type AlertSummary = Schemas["AlertSummary"];
export type Audience = Schemas["Audience"];
export type Client = Schemas["Client"];
export type ClientList = Schemas["ClientList"];
export type Counts = Schemas["Counts"];
export type Delivery = Schemas["DeliveryRow"];
export type EmailList = Schemas["EmailList"];
export type EmailLog = Schemas["EmailLog"];
export type EmailStatus = Schemas["EmailStatus"];
export type EnrolmentCode = Schemas["EnrolmentCode"];
export type Event = Schemas["Event"];
export type EventList = Schemas["EventList"];
export type Export = Schemas["Export"];
export type EventReport = Schemas["EventReport"];
export type FieldError = Schemas["FieldError"];
export type Group = Schemas["GroupDetail"];
export type GroupList = Schemas["GroupList"];
export type GroupRow = Schemas["GroupSummary"];
export type ImportReport = Schemas["ImportReport"];
export type ImportedGroup = Schemas["ImportedGroup"];
export type Language = Schemas["Language"];
export type Message = Schemas["Message"];
export type NewAlert = Schemas["NewAlert"];
export type PanelFrame = Schemas["PanelFrame"];
export type Problem = Schemas["Problem"];
export type Role = Schemas["RoleWord"];
export type Moment = Schemas["Moment"];
export type Scheduled = Schemas["ScheduledAlert"];
export type Series = Schemas["Series"];
export type SeriesPoint = Schemas["SeriesPoint"];
export type Severity = Schemas["Severity"];
export type Settings = Schemas["SettingsView"];
export type Retention = Schemas["Retention"];
export type HubConfig = Schemas["HubConfig"];
export type State = Schemas["DeliveryState"];
export type Statistics = Schemas["UsageStatistics"];
export type Theme = Schemas["Theme"];
export type Trace = Schemas["Trace"];
export type User = Schemas["User"];
export type UserRole = Schemas["UserRole"];

/** The data of one type of frame. */
export type FrameData<K extends PanelFrame["type"]> = Extract<PanelFrame, { type: K; data: unknown }>["data"];
export type Hello = FrameData<"hello">;
export type Presence = FrameData<"presence">;
export type Receipt = FrameData<"receipt">["items"][number];
