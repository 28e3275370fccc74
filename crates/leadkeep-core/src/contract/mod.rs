//! What every store must answer, as test cases (feature `testing`).
//!
//! A store's own tests name a function that opens an empty store, and get one test a case:
//!
//! ```
//! fn open() -> (leadkeep_core::memory::MemoryStore, ()) {
//!     (leadkeep_core::memory::MemoryStore::new(), ())
//! }
//! leadkeep_core::store_contract!(open);
//! ```
//!
//! The second part of what `open` gives is kept until the case has ended, for example a temporary directory. Cases
//! panic when the store is wrong. They leave to each store what only it can have, like files and threads.

pub mod activities;
pub mod admins;
pub mod batches;
pub mod campaigns;
pub mod companies;
pub mod cookies;
pub mod definitions;
pub mod fields;
pub mod foreign_ids;
pub mod imports;
pub mod keys;
pub mod leads;
pub mod lists;
pub mod merges;
pub mod opportunities;
pub mod picks;
pub mod programs;
pub mod records;
pub mod roles;
pub mod sequences;
pub mod support;
pub mod texts;
pub mod usage;
pub mod windows;
pub mod work;

/// One test for each case of the contract; see [`crate::contract`].
#[macro_export]
macro_rules! store_contract {
    ($open:ident) => {
        $crate::store_contract! { @tests $open:
            admins {
                come_back_as_written
                sessions_end
                what_they_did_comes_latest_first
            }
            activities {
                latest_first_by_time_then_id
                pages_go_on_before_the_last_one
                by_id_they_follow_the_commits
                come_back_as_written
                a_history_is_filtered_by_type_and_time
                the_stream_is_filtered_by_type_time_and_lead
                an_id_has_a_time_also_if_its_activity_is_unknown
            }
            batches {
                a_thousand_leads_in_one_call
                a_thousand_opportunities_with_roles_in_one_call
                a_thousand_records_in_one_call
            }
            companies {
                come_back_as_written
                are_found_by_their_key
                a_key_belongs_to_one_company
                only_unused_ones_are_deleted
            }
            cookies {
                one_that_moves_leaves_its_lead
                accounts_that_differ_are_apart
            }
            definitions {
                come_by_kind_then_in_the_order_of_their_first_put
                every_change_raises_the_version
                names_are_compared_exactly
            }
            fields {
                a_field_is_in_use_while_a_row_has_a_value
                the_longest_value_counts_characters
                an_index_changes_no_answer
                counts_are_of_rows
            }
            foreign_ids {
                the_one_attached_last_is_shown
                one_that_moves_leaves_its_lead
                systems_are_apart
                batches_are_attached_in_order
            }
            campaigns {
                runs_come_back_as_written
                the_latest_runs_come_first
                tasks_come_back_as_written
                what_failed_waits
                tokens_of_rows_are_for_one_lead
            }
            imports {
                come_back_as_written
                each_list_has_one_that_runs
                rows_are_done_in_order
                leaving_members_may_stay
            }
            keys {
                by_id_and_foreign_id
                by_address_in_lower_case
                by_prefix_of_a_crm_id
                by_field_of_the_lead
                by_field_of_the_company
                by_field_of_an_opportunity
                each_key_has_its_entry
                nothing_is_found_of_what_is_not_there
            }
            leads {
                come_back_as_written
                an_update_replaces_all_but_the_foreign_id
                a_touch_moves_nothing_but_the_time
                writes_of_missing_leads_do_nothing
                a_taken_id_is_refused
                the_largest_numbers_and_times_are_kept
                ids_without_a_merge_have_no_winner
                deleted_ones_are_gone_with_what_they_had
                are_found_by_the_beginning_of_a_value
                come_newest_first
            }
            lists {
                members_are_kept_once
                known_members_come_by_id
            }
            merges {
                all_of_a_loser_goes_to_its_winner
                a_winner_may_lose_later
                what_the_winner_shows_stays
            }
            opportunities {
                come_back_as_written
                are_found_by_their_fields
                are_found_by_their_company
                go_on_after_an_id
                come_newest_first
                deleted_ones_are_gone
            }
            picks {
                all_are_newest_first
                one_is_the_last_added
                one_is_the_last_updated
                of_opportunities_too
            }
            programs {
                come_back_with_their_costs
                are_found_by_name_whatever_its_case
                an_update_leaves_the_costs_alone
                costs_are_added_and_replaced_by_id
                go_on_after_an_id
                a_taken_name_is_refused
                static_lists_are_replaced_by_id
            }
            records {
                come_back_as_written
                types_are_apart
                come_in_the_order_of_their_keys
                go_on_after_a_key
                filters_match_all_fields_and_any_value
                an_update_replaces_what_they_are_found_by
                deleted_ones_are_gone
                a_taken_key_is_refused
            }
            roles {
                come_back_as_written
                are_found_by_their_key
                are_found_by_opportunity_and_by_lead
                go_on_after_an_id
                deleted_ones_are_gone
                a_taken_key_is_refused
            }
            sequences {
                count_each_for_itself
                never_give_an_id_again
                keep_clear_of_what_is_reserved
                end_at_their_last_number
            }
            texts {
                every_text_comes_back
                every_text_is_found_and_nothing_else
                every_name_can_be_that_of_a_field
            }
            usage {
                the_last_figures_are_kept
            }
            windows {
                begin_with_their_start_and_end_before_their_end
                leave_anonymous_leads_out
                go_on_after_an_id
                follow_a_touch
            }
            work {
                a_refused_call_leaves_nothing
                a_call_that_panics_leaves_nothing
                a_read_that_panics_hurts_nobody
                a_conflict_is_run_again
                an_endless_conflict_ends
                what_was_acknowledged_is_seen
                calls_that_fail_between_others_hurt_none
                time_has_whole_seconds_and_never_goes_back
            }
        }
    };
    (@tests $open:ident: $($area:ident { $($case:ident)* })*) => {
        $(mod $area {
            $(#[test]
            fn $case() {
                let (store, _kept) = super::$open();
                $crate::contract::$area::$case(&store);
            })*
        })*
    };
}
