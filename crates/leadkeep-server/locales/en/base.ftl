# What all pages share, signing in, and the overview.
brand = leadkeep
skip = Skip to the content
menu = Menu
language = Language
choose = Choose
sign-in = Sign in
sign-out = Sign out
admin-name = Name
password = Password
password-again = Password again
password-hint = At least { $shown } characters.
password-short = The password needs at least { $shown } characters.
password-differs = The two passwords are not the same.
name-bad = The name must have 1 to 255 characters.
code = One-time code
code-hint = Only if you have turned codes on.
sign-in-wrong = Name, password or code is wrong.
sign-in-wait = Too many failed attempts. Try again in { $n ->
    [one] one second
   *[other] { $shown } seconds
}.
sign-in-no-owner = Nobody can sign in yet. Open the link that “leadkeep serve” printed when it started to make the first owner.
set-up-title = Make the first owner
set-up-text = The owner sets things up and decides who may do what.
set-up-button = Make the owner
set-up-used-title = This link is not valid
set-up-used = The first owner was made already, or the link is of an earlier start of the server. The server prints a new one when it starts as long as there is no owner.
forbidden-title = Not allowed
forbidden-editor = You can see everything here. To change records you need to be an editor or an owner.
forbidden-owner = To change what is set up you need to be an owner.
form-lost-title = The form did not arrive
form-lost = It did not arrive whole, or it is larger than { $name }. Nothing was changed.
not-found-title = There is no such page
not-found = It may have been moved, or what it showed was deleted.
to-overview = To the overview
nav-overview = Overview
nav-calls = Calls
nav-leads = Leads
nav-users = Users
nav-connect = Connect a client
count-leads = Leads
count-opportunities = Opportunities
count-records = Custom objects
span = Span
span-hour = Last hour
span-day = Last day
attention = Needs attention
attention-none = Nothing needs attention.
attention-look = Look
attention-faults = { $n ->
    [one] One call
   *[other] { $shown } calls
} ended with a fault in the last hour.
attention-refused = { $n ->
    [one] One call was
   *[other] { $shown } calls were
} refused in the last hour because of a wrong user or signature.
attention-failed = { $n ->
    [one] One record
   *[other] { $shown } records
} failed in the last hour.
attention-steps = { $n ->
    [one] One step of a campaign has
   *[other] { $shown } steps of campaigns have
} failed.
attention-certificate-ends = The certificate in { $name } ends soon.
attention-certificate-ended = The certificate in { $name } has ended: clients refuse it.
queue-imports = Lists with imports
queue-steps = Campaign steps due
queue-failed = Campaign steps failed
error-rate = Error rate
all-operations = All
chart-operations = Calls by operation
chart-users = Calls by user
chart-faults = Faults
chart-others = others
chart-unknown = unknown
save = Save
cancel = Cancel
yes = Yes
no = No
done-saved = Saved.
done-merged = Merged.
done-deleted = Deleted.
nav-programs = Programs
nav-imports = Imports
done-replayed = It will be done again.
older = Older
more = More
nav-setup = Set-up
