#pragma once
#include "app/config.hpp"
#include "app/importer.hpp"
#include "app/plant.hpp"
#include "app/turn.hpp"
#include "web/board.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hefang::app {

/// What a screen shows besides passages, read from the running parts. Core's thread.
class BoardMaker {
  public:
    struct Sources {
        const Config& config;
        const Turn& turn;
        const store::Store& store;
        const Plant& plant;
        const Importer& importer;
        const Clock& clock;
        std::function<web::SyncBoard()> sync;
        std::vector<std::pair<std::string, const Counters*>> counters;  ///< of whom; all live as long as the maker
    };
    explicit BoardMaker(Sources from) : from_(std::move(from)) {}
    [[nodiscard]] std::shared_ptr<const web::Board> make() const;

  private:
    void add_devices(web::Board& board, const Now& now) const;
    void add_lanes(web::Board& board) const;
    void add_store(web::Board& board) const;
    Sources from_;
};

}  // namespace hefang::app
