import { testStandard } from "./harness.ts";
import { RFC8297 } from "./rfc8297.ts";

testStandard(RFC8297);
