import { testStandard } from "./harness.ts";
import { RFC8187 } from "./rfc8187.ts";

testStandard(RFC8187);
