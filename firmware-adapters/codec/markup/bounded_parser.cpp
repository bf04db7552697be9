#include "markup/bounded_parser.hpp"

#include <cstddef>
#include <cstdlib>

#include <expat.h>

namespace hefang::codec {
namespace {

thread_local std::size_t parser_holds = 0;
constexpr std::size_t block_head = alignof(std::max_align_t);  ///< before each block: its size

std::size_t& size_at(void* block) { return *static_cast<std::size_t*>(block); }

void* resize_block(void* text, std::size_t size) {
    void* const block = text == nullptr ? nullptr : static_cast<char*>(text) - block_head;
    const std::size_t before = block == nullptr ? 0 : size_at(block);
    if (size > parser_bytes || parser_holds - before + size > parser_bytes) return nullptr;
    void* const made = std::realloc(block, block_head + size);
    if (made == nullptr) return nullptr;
    size_at(made) = size;
    parser_holds = parser_holds - before + size;
    return static_cast<char*>(made) + block_head;
}

void* make_block(std::size_t size) { return resize_block(nullptr, size); }

void free_block(void* text) {
    if (text == nullptr) return;
    void* const block = static_cast<char*>(text) - block_head;
    parser_holds -= size_at(block);
    std::free(block);
}

}  // namespace

XML_ParserStruct* make_bounded_parser(char separator) {
    static const XML_Memory_Handling_Suite bounded{make_block, resize_block, free_block};
    const char between[] = {separator, '\0'};
    return XML_ParserCreate_MM("UTF-8", &bounded, between);
}

}  // namespace hefang::codec
