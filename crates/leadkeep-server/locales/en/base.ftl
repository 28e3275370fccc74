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
count-activities = Activities
