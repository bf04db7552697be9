#pragma once
#include <cstddef>

struct XML_ParserStruct;

namespace hefang::codec {

constexpr std::size_t parser_bytes = std::size_t{8} << 20;  ///< of a parser; a real message needs less than 1 MiB

/// An expat parser of UTF-8 with namespaces, `separator` between namespace and name. It keeps every name that it ever
/// saw: all parsers of a thread together get parser_bytes, beyond that parsing fails with XML_ERROR_NO_MEMORY.
/// Null when there is no room even to begin. To be freed on the thread that made it.
[[nodiscard]] XML_ParserStruct* make_bounded_parser(char separator);

}  // namespace hefang::codec
