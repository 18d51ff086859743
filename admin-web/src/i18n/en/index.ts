// English. The type says that every key of the Spanish catalogue is here.
import type { Texts } from "..";
import { common } from "./common";
import { account } from "./account";
import { actions } from "./actions";
import { board } from "./board";
import { charts } from "./charts";
import { clients } from "./clients";
import { compose } from "./compose";
import { dashboard } from "./dashboard";
import { directory } from "./directory";
import { enrol } from "./enrol";
import { events } from "./events";
import { groups } from "./groups";
import { guard } from "./guard";
import { help } from "./help";
import { history } from "./history";
import { inbox } from "./inbox";
import { limits } from "./limits";
import { phrases } from "./phrases";
import { imports } from "./imports";
import { life } from "./life";
import { link } from "./link";
import { log } from "./log";
import { login } from "./login";
import { monitor } from "./monitor";
import { nav } from "./nav";
import { palette } from "./palette";
import { reasons } from "./reasons";
import { rules } from "./rules";
import { noticed } from "./noticed";
import { options } from "./options";
import { scheduled } from "./scheduled";
import { settings } from "./settings";
import { state } from "./state";
import { statistics } from "./statistics";
import { transfer } from "./transfer";
import { trouble } from "./trouble";
import { users } from "./users";
import { webhooks } from "./webhooks";
import { withdraw } from "./withdraw";

export const en: Texts = {
  ...common,
  account,
  actions,
  board,
  charts,
  clients,
  compose,
  dashboard,
  directory,
  enrol,
  events,
  groups,
  guard,
  help,
  history,
  inbox,
  limits,
  phrases,
  import: imports,
  life,
  link,
  log,
  login,
  monitor,
  nav,
  palette,
  reasons,
  rules,
  noticed,
  options,
  scheduled,
  settings,
  state,
  statistics,
  transfer,
  trouble,
  users,
  webhooks,
  withdraw,
};
