import { testStandard } from "./harness.ts";
import { RFC6265BIS } from "./rfc6265bis.ts";

testStandard(RFC6265BIS);
