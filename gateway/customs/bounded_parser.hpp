#pragma once

struct XML_ParserStruct;

namespace hefang::customs {

/// An expat parser of UTF-8 with namespaces, `separator` between namespace and name. It keeps every name that it ever
/// saw: all parsers of a thread together get limits::parser_bytes, beyond that parsing fails with XML_ERROR_NO_MEMORY.
/// Null when there is no room even to begin. To be freed on the thread that made it.
[[nodiscard]] XML_ParserStruct* make_bounded_parser(char separator);

}  // namespace hefang::customs
