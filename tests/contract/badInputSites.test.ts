import { readFactsFile, readUsersFile } from '../../shared/scenario/siting/factsFile.js';
import { readNodeFile } from '../../shared/scenario/siting/nodeFile.js';
import { readBuiltFile, readSiteFile } from '../../shared/scenario/siting/siteFile.js';
import { testReaders } from '../support/badFiles.js';

const busIds = ['b1', 'b2'];

testReaders([
  { what: 'a file of sites', sound: 'site,mw,latitude,longitude\na,100,40.5,-80\nb,0,41,-81\n', read: readSiteFile },
  { what: 'a file of nodes', sound: 'node,surplusMw,latitude,longitude,region\nn1,20,40,-80,east\nn2,0,41,-81,west\n', read: readNodeFile },
  { what: 'facts of buses', sound: 'bus,waterStress,permitMonths\nb1,2,12\nb2,4.5,36\n', read: (path) => readFactsFile(path, busIds) },
  { what: 'a file of what is built', sound: 'bus,mw\nb1,100\nb2,50\n', read: (path) => readBuiltFile(path, busIds) },
  { what: 'a file of users', sound: 'name,latitude,longitude,weight\nNorth,45,-90,3\nSouth,30,-95,1\n', read: readUsersFile },
]);
