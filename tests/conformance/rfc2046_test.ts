import { testStandard } from "./harness.ts";
import { RFC2046 } from "./rfc2046.ts";

testStandard(RFC2046);
